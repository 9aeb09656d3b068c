// Builds dist/: the script with the chunks it loads later, the style sheet, the fonts it names, and
// the licences of what others wrote. Fails when the first load or a chunk grows past its budget, so
// that the page stays quick on any laptop.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const dist = new URL("dist/", import.meta.url);
const budget = 75 * 1024; // gzipped bytes of everything that a page loads at once
const chunkBudget = 90 * 1024; // gzipped bytes of a chunk that is loaded when it is needed
const licences = { // the file in dist/ to where the licence stands in node_modules/
  "ibm-plex-sans": "@fontsource/ibm-plex-sans/LICENSE",
  "ibm-plex-mono": "@fontsource/ibm-plex-mono/LICENSE",
  uplot: "uplot/LICENSE",
  xterm: "@xterm/xterm/LICENSE",
};

await clean();
const { metafile } = await build({
  entryPoints: { app: "src/app.ts", style: "src/css/style.css" },
  absWorkingDir: new URL(".", import.meta.url).pathname,
  bundle: true,
  minify: true,
  sourcemap: "linked",
  format: "esm",
  splitting: true,
  metafile: true,
  chunkNames: "[name]-[hash]",
  target: "es2022",
  outdir: "dist",
  assetNames: "[name]",
  loader: { ".woff2": "file" },
  logLevel: "warning",
  charset: "utf8",
});
for (const [name, path] of Object.entries(licences)) {
  await copyFile(new URL(`node_modules/${path}`, import.meta.url), new URL(`${name}.LICENSE.txt`, dist));
}
await weigh();

/** Empties dist/ but leaves .keep, which lets `go build` work before the first build. */
async function clean() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== ".keep") await rm(new URL(name, dist), { recursive: true });
  }
}

/** Prints the weight of the first load and of each chunk; ends with status 1 when one is over its budget. */
async function weigh() {
  const first = [...atOnce("dist/app.js"), "dist/style.css"];
  const chunks = Object.keys(metafile.outputs).filter((name) => name.endsWith(".js") && !first.includes(name));
  let total = 0;
  for (const name of first) total += await packed(name);
  console.log(`together             ${kilobytes(total)} of ${budget / 1024} KB`);
  if (total > budget) process.exitCode = 1;
  for (const name of chunks) {
    if (await packed(name) > chunkBudget) process.exitCode = 1;
  }
}

/** atOnce lists a script and every file it imports before it runs. */
function atOnce(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind } of metafile.outputs[name].imports) {
    if (kind === "import-statement") atOnce(path, seen);
  }
  return seen;
}

/** packed prints and returns the gzipped size of a built file. */
async function packed(name) {
  const size = gzipSync(await readFile(new URL(name, import.meta.url))).length;
  console.log(`${name.replace("dist/", "").padEnd(20)} ${kilobytes(size)} gzipped`);
  return size;
}

function kilobytes(size) {
  return `${(size / 1024).toFixed(1).padStart(6)} KB`;
}

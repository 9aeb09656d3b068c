// Builds dist/: one script, one style sheet, the fonts they name, and the fonts' licence.
// Fails when the first load grows past its budget, so that the page stays quick on any laptop.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const dist = new URL("dist/", import.meta.url);
const budget = 75 * 1024; // gzipped bytes of script and style together
const fonts = ["ibm-plex-sans", "ibm-plex-mono"];

await clean();
await build({
  entryPoints: { app: "src/app.ts", style: "src/css/style.css" },
  absWorkingDir: new URL(".", import.meta.url).pathname,
  bundle: true,
  minify: true,
  sourcemap: "linked",
  format: "esm",
  target: "es2022",
  outdir: "dist",
  assetNames: "[name]",
  loader: { ".woff2": "file" },
  logLevel: "warning",
  charset: "utf8",
});
for (const font of fonts) {
  await copyFile(
    new URL(`node_modules/@fontsource/${font}/LICENSE`, import.meta.url),
    new URL(`${font}.LICENSE.txt`, dist),
  );
}
await weigh();

/** Empties dist/ but leaves .keep, which lets `go build` work before the first build. */
async function clean() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== ".keep") await rm(new URL(name, dist), { recursive: true });
  }
}

/** Prints the weight of the first load and ends with status 1 when it is over the budget. */
async function weigh() {
  let total = 0;
  for (const name of ["app.js", "style.css"]) {
    const size = gzipSync(await readFile(new URL(name, dist))).length;
    total += size;
    console.log(`${name.padEnd(10)} ${(size / 1024).toFixed(1).padStart(6)} KB gzipped`);
  }
  console.log(`together   ${(total / 1024).toFixed(1).padStart(6)} KB of ${budget / 1024} KB`);
  if (total > budget) process.exitCode = 1;
}

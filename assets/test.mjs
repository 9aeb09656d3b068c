// Runs every src/**/*.test.ts: bundles them for Node into a temporary directory, then hands them
// to `node --test`.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL(".", import.meta.url).pathname;
const out = await mkdtemp(join(tmpdir(), "clusterplay-test-"));
try {
  const files = await readdir(join(root, "src"), { recursive: true });
  const tests = files.filter((name) => name.endsWith(".test.ts")).sort();
  await build({
    entryPoints: tests.map((name) => join(root, "src", name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const built = (await readdir(out, { recursive: true })).filter((name) => name.endsWith(".mjs"));
  const run = spawnSync(
    process.execPath,
    ["--enable-source-maps", "--test", ...built.map((name) => join(out, name))],
    { stdio: "inherit" },
  );
  process.exitCode = run.status ?? 1;
} finally {
  await rm(out, { recursive: true });
}

// Builds dist/: bundles, icon sprite, manifest with content hashes, .gz files, notices.
// node build.mjs [--watch] [--budget]
import { build, context } from "esbuild";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const budgets = { "app.js": 30, "app.css": 25, "calendar.js": 56, "calendar.css": 6 }; // KiB, gzipped

const options = {
  absWorkingDir: here,
  entryPoints: [
    { in: "src/app.js", out: "app" },
    { in: "src/css/app.css", out: "app.css" },
    { in: "src/css/print.css", out: "print.css" },
    { in: "src/calendar.js", out: "calendar" }, // loaded by its page alone
    { in: "src/css/calendar.css", out: "calendar.css" },
  ].map((e) => ({ in: e.in, out: e.out.replace(/\.css$/, "") })),
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  chunkNames: "chunk-[hash]",
  minify: true,
  target: ["es2020", "safari15"],
  legalComments: "none",
  logLevel: "warning",
  write: false,
};

// What televisions of the waiting room get: plain ES5 and CSS without variables, for old browsers.
const old = {
  ...options, splitting: false, format: "iife", target: ["es5"],
  entryPoints: [{ in: "src/screen.js", out: "screen" }, { in: "src/screen.css", out: "screen" }],
};

/** The icons of icons.txt, the mark and the body maps as one SVG file of symbols. */
function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean);
  const symbols = names.map((name) => {
    const file = join(here, "node_modules/@tabler/icons/icons/outline", name + ".svg");
    if (!existsSync(file)) throw new Error(`icons.txt: no icon called ${name}`);
    const inner = readFileSync(file, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  });
  const own = readFileSync(join(here, "src/figures.svg"), "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, " ");
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}${own}</svg>`;
}

/** Licence texts of what ships. */
function notices() {
  const shipped = ["htmx.org", "signature_pad", "idb-keyval", "@tabler/icons", "@event-calendar/core", "svelte"];
  return shipped.map((name) => {
    const dir = join(here, "node_modules", name);
    const about = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
    const licence = readdirSync(dir).find((f) => /^licen[cs]e/i.test(f));
    const text = licence ? readFileSync(join(dir, licence), "utf8") : about.license;
    return `${name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
  }).join("\n----\n\n");
}

function hashed(name, body) {
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 10);
  const ext = extname(name);
  return name.slice(0, -ext.length) + "." + hash + ext;
}

function clear() {
  mkdirSync(dist, { recursive: true });
  for (const file of readdirSync(dist)) if (file !== ".gitkeep") rmSync(join(dist, file), { recursive: true });
}

function put(name, body) {
  writeFileSync(join(dist, name), body);
  if (body.length > 400) writeFileSync(join(dist, name + ".gz"), gzipSync(body, { level: 9 }));
}

function write(outputs) {
  clear();
  const manifest = {};
  const files = outputs.map((o) => [o.path.slice(dist.length + 1), Buffer.from(o.contents)]);
  files.push(["sprite.svg", Buffer.from(sprite())], ["mark.svg", readFileSync(join(here, "src/mark.svg"))]);
  files.push(["notices.txt", Buffer.from(notices())]);
  const sizes = {};
  for (const [name, body] of files) {
    const to = name.startsWith("chunk-") ? name : hashed(name, body);
    if (to !== name) manifest[name] = to;
    put(to, body);
    sizes[name] = gzipSync(body, { level: 9 }).length / 1024;
  }
  writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
  return sizes;
}

function report(sizes) {
  for (const [name, size] of Object.entries(sizes)) console.log(`${size.toFixed(1).padStart(7)} KiB gz  ${name}`);
  const over = Object.entries(budgets).filter(([name, limit]) => sizes[name] > limit);
  for (const [name, limit] of over) console.error(`over budget: ${name} ${sizes[name].toFixed(1)} KiB, limit ${limit} KiB`);
  return over.length;
}

if (process.argv.includes("--watch")) {
  const plugin = { name: "dist", setup: (b) => b.onEnd(async (r) => { if (r.outputFiles) write([...r.outputFiles, ...(await build(old)).outputFiles]); }) };
  const watching = await context({ ...options, plugins: [plugin] });
  await watching.watch();
} else {
  const both = await Promise.all([build(options), build(old)]);
  const over = report(write(both.flatMap((b) => b.outputFiles)));
  if (process.argv.includes("--budget") && over) process.exit(1);
}

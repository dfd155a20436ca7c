// Builds dist/ from the sources, but only when something changed since the last build, so that
// `npm start` and `npm test` may always call it. Without work to do it takes a few milliseconds.
//
//   node tools/build.cjs            build when dist/ is older than a source
//   node tools/build.cjs --force    build in any case
//   node tools/build.cjs --clean    remove what a build or a test run leaves behind
//
// The list of sources and their newest time stand in dist/.stamp. A source that was removed or
// renamed makes the whole of dist/ be written anew: nothing stale can stay behind in it.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.stamp');
const config = path.join(root, 'tsconfig.build.json');

/** All files below `dir`, paths relative to the root, sorted; none when there is no such folder. */
function filesOf(dir) {
  if (!fs.existsSync(path.join(root, dir))) return [];
  return fs
    .readdirSync(path.join(root, dir), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** True when `dist/` was built from exactly these files and none is newer than the stamp. */
function isFresh(sources) {
  if (!fs.existsSync(stamp)) return false;
  const built = fs.statSync(stamp).mtimeMs;
  const inputs = [...sources, 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
  return inputs.every((file) => fs.statSync(path.join(root, file)).mtimeMs <= built);
}

/**
 * Every name of another module is a property of its `exports` for V8. A module that has very many of them, or that hands on a name of a
 * third one, gets a hash table for its `exports`, and each use is a look-up in it. An object that serves as a prototype becomes one with
 * fixed slots when it is first used in earnest; its values count as constants until somebody assigns one. By then the program has
 * started, so that `server` itself is a constant of the compiled code. The line goes before the map's comment: no other line moves.
 */
const MAKE_FAST = '{ const F = function () {}; F.prototype = exports; new F(); }\n';

/** Adds the line to the compiled modules that do not have it yet. */
function makeExportsFast(dir) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) makeExportsFast(file);
    else if (entry.name.endsWith('.js')) {
      const text = fs.readFileSync(file, 'utf8');
      if (text.includes(MAKE_FAST)) continue;
      fs.writeFileSync(file, text.replace(/^\/\/# sourceMappingURL/m, `${MAKE_FAST}$&`));
    }
  }
}

/**
 * A constant of another module is a property of its `exports` for V8, and of its own module, too: five loads from memory where C has five
 * numbers. So the compiled modules get the numbers. Blanks behind each keep everything in its column: the source maps stay true.
 */
const CONSTANT = /\b(exports|\w+_ts_\d+)\.([A-Z][A-Z0-9_]*)\b(?!\s*=[^=])/g;

/** The modules below `dir`, without the programs: those would start. */
function modulesOf(dir) {
  return fs
    .readdirSync(dir, { recursive: true })
    .filter((name) => name.endsWith('.js') && !name.startsWith('bin'))
    .map((name) => path.join(dir, name));
}

/** The numbers that each module exports under a name in capitals: by file, by name. As the files are now, not as they were loaded before. */
function constantsOf(files) {
  for (const file of files) delete require.cache[file];
  return Object.fromEntries(
    files.map((file) => [
      path.relative(dist, file),
      Object.fromEntries(
        Object.entries(require(file)).filter(
          ([name, value]) => /^[A-Z][A-Z0-9_]*$/.test(name) && Number.isSafeInteger(value),
        ),
      ),
    ]),
  );
}

/** Puts the numbers into the modules. */
function inlineConstants(files, constants) {
  for (const file of files) {
    const text = fs.readFileSync(file, 'utf8');
    const from = { exports: file };
    for (const [, name, target] of text.matchAll(/^const (\w+_ts_\d+) = require\("(.+)"\);/gm)) {
      from[name] = path.join(path.dirname(file), target);
    }
    const inlined = text.replace(CONSTANT, (all, name, constant) => {
      const value = constants[path.relative(dist, from[name] ?? '')]?.[constant];
      const digits = value < 0 ? `(${value})` : String(value);
      return value === undefined || digits.length > all.length ? all : digits.padEnd(all.length);
    });
    if (inlined !== text) fs.writeFileSync(file, inlined);
  }
}

function main(args) {
  if (args.includes('--clean')) {
    for (const dir of ['dist', 'coverage', 'docs/site', 'node_modules/.cache']) {
      fs.rmSync(path.join(root, dir), { recursive: true, force: true });
    }
    return 0;
  }
  const rooms = JSON.parse(fs.readFileSync(config, 'utf8')).include;
  const sources = rooms.flatMap(filesOf);
  const roster = sources.join('\n');
  const sameFiles = fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === roster;
  if (sameFiles && isFresh(sources) && !args.includes('--force')) return 0;

  if (!sameFiles) fs.rmSync(dist, { recursive: true, force: true });
  // The stamp gets the time at which the compiler started: an edit made meanwhile is newer.
  const started = new Date();
  const info = path.join(dist, '.tsbuildinfo');
  const tsc = spawnSync(
    process.execPath,
    [
      require.resolve('typescript/bin/tsc'),
      '-p',
      config,
      '--incremental',
      '--tsBuildInfoFile',
      info,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (tsc.status !== 0) return tsc.status ?? 1;

  makeExportsFast(dist);
  const modules = modulesOf(dist);
  const constants = constantsOf(modules);
  const known = JSON.stringify(constants);
  // What was compiled earlier has the numbers of that time.
  const record = path.join(dist, '.constants');
  if (fs.existsSync(record) && fs.readFileSync(record, 'utf8') !== known) {
    fs.rmSync(dist, { recursive: true });
    return main(args);
  }
  inlineConstants(modules, constants);
  fs.writeFileSync(record, known);

  // The command table is data that the program reads at start-up, from beside its compiled code.
  for (const file of sources.filter((name) => name.endsWith('.json'))) {
    const target = path.join(dist, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(root, file), target);
  }
  for (const file of sources.filter((name) => /^bin\/.*\.ts$/.test(name))) {
    fs.chmodSync(path.join(dist, file.replace(/\.ts$/, '.js')), 0o755);
  }
  fs.writeFileSync(stamp, roster);
  fs.utimesSync(stamp, started, started);
  return 0;
}

process.exitCode = main(process.argv.slice(2));

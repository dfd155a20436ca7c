// Files that are named on the command line are all that runs: mocha itself would add them to `spec`.
const named = process.argv.slice(2).some((arg) => arg.endsWith('.test.ts'));

module.exports = {
  require: ['ts-node/register'],
  extension: ['ts'],
  spec: named ? [] : ['test/**/*.test.ts'],
  timeout: 10000,
  // A connection that a failed test left open must not keep the run from ending.
  exit: true,
  'forbid-only': process.env.CI !== undefined,
  // Node >= 22.18 runs .ts by itself, and mocha falls back to import() when require() throws: switch
  // that off, so that a test file is either run by ts-node or reported as broken.
  'node-option': process.features.typescript ? ['no-experimental-strip-types'] : [],
};

// @ts-check
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Several servers can live in one process, and each turn of an event loop makes its own server the
 * current one. State that a module keeps to itself would be shared by all of them.
 */
const noModuleState = {
  meta: {
    type: 'problem',
    docs: { description: 'no module-level let or var' },
    schema: [],
    messages: {
      found:
        "Module-level '{{kind}}': what C keeps in a file's static goes into the server struct.",
    },
  },
  create(context) {
    return {
      ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind!="const"]'(node) {
        if (!node.declare) context.report({ node, messageId: 'found', data: { kind: node.kind } });
      },
    };
  },
};

/** The rooms that mirror the C server. From here down all is synchronous, as C is. */
const core = [
  'posix',
  'ae',
  'networking',
  'object',
  'quicklist',
  'server',
  'persistence',
  'replication',
  'cluster',
  'scripting',
];

/** Data structures: they know bytes and numbers, nothing of clients, commands or the server. */
const structures = [
  'object/{sds,dict,adlist,intset,rax,siphash,util,zmalloc,longdouble,geohash,geohash_helper}.ts',
  'object/{sha1,sha256,pqsort,endianconv,mt19937-64,rand}.ts',
  'quicklist/{quicklist,listpack,ziplist,zipmap,lzf_c,lzf_d}.ts',
  'persistence/{crc64,crcspeed}.ts',
  'cluster/crc16.ts',
];

const asynchronous = [
  {
    selector: ':function[async=true]',
    message: 'The core is synchronous: one JavaScript stack is one C stack.',
  },
  { selector: 'AwaitExpression', message: 'The core is synchronous.' },
  { selector: 'ForOfStatement[await=true]', message: 'The core is synchronous.' },
  { selector: 'Identifier[name="Promise"]', message: 'The core is synchronous: no promises.' },
  {
    selector: 'CallExpression[callee.property.name="then"]',
    message: 'The core is synchronous: no promises.',
  },
];

const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({
  name,
  message: 'Time belongs to the event loop: use aeCreateTimeEvent.',
}));

/** Forbids imports from the named rooms. */
function keepsAwayFrom(rooms, message) {
  return ['error', { patterns: [{ group: rooms.map((room) => `**/${room}/**`), message }] }];
}

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'docs/site/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { redis: { rules: { 'no-module-state': noModuleState } } },
    rules: {
      'redis/no-module-state': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // C's loops, labels and names are kept, so these rules of taste have no say here.
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-control-regex': 'off',
      'no-fallthrough': ['error', { commentPattern: 'fall ?through' }],
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none', caughtErrors: 'none' }],
      'preserve-caught-error': 'off',
      'no-useless-assignment': 'off',
    },
  },
  {
    files: core.map((room) => `${room}/**/*.ts`),
    rules: {
      'no-restricted-syntax': ['error', ...asynchronous],
      // Where there are no promises none can be misused, and these two are the slowest rules of all.
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
      'no-restricted-globals': ['error', ...timers],
    },
  },
  // The bridge between ae and libuv is where time comes from.
  { files: ['ae/**/*.ts', 'posix/**/*.ts'], rules: { 'no-restricted-globals': 'off' } },
  // Lower rooms never import upper ones. Circles exist where C has them: among the rooms not named here.
  {
    files: ['posix/**/*.ts'],
    rules: {
      'no-restricted-imports': keepsAwayFrom(
        core.filter((room) => room !== 'posix').concat('cli'),
        'posix/ is the lowest room: it imports no other.',
      ),
    },
  },
  {
    files: ['ae/**/*.ts'],
    rules: {
      'no-restricted-imports': keepsAwayFrom(
        [
          'networking',
          'quicklist',
          'server',
          'persistence',
          'replication',
          'cluster',
          'scripting',
          'cli',
        ],
        'ae/ reaches upper rooms through the function pointers they register, as in C.',
      ),
    },
  },
  {
    files: structures,
    rules: {
      'no-restricted-imports': keepsAwayFrom(
        ['ae', 'networking', 'server', 'replication', 'scripting', 'cli'],
        'A data structure knows nothing of the server: C passes a dictType or a callback here.',
      ),
    },
  },
  {
    files: [
      'server/**/*.ts',
      'persistence/**/*.ts',
      'replication/**/*.ts',
      'cluster/**/*.ts',
      'scripting/**/*.ts',
    ],
    rules: {
      'no-restricted-imports': keepsAwayFrom(
        ['cli'],
        'The server knows nothing of the client programs.',
      ),
    },
  },
  // The current server is switched here, and the kernel in use there.
  {
    files: ['server/server.h.ts', 'posix/**/*.ts', 'object/zmalloc.ts'],
    rules: { 'redis/no-module-state': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts'],
    rules: {
      'redis/no-module-state': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        exports: 'writable',
        process: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        setImmediate: 'readonly',
      },
    },
  },
);

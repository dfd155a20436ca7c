// Entry of the TypeDoc plugin: plain CommonJS, so that TypeDoc loads it on every Node; the plugin itself is TypeScript.
require('ts-node/register');
exports.load = require('./plugin.ts').load;

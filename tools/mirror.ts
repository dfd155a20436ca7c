/**
 * Prints how far the project mirrors the C program: one line a C file, and the names that are
 * missing in the files that are begun.
 *
 *     npm run mirror              the table
 *     npm run mirror -- server.c  the names missing of that file
 *     npm run mirror -- --write   also write the numbers to test/facts/mirror.json, from where a
 *                                 test lets them only fall
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithC } from '../test/support/mirror.ts';
import { root } from '../test/support/sources.ts';

function main(args: string[]): void {
  const files = compareWithC();
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  if (wanted.length > 0) {
    for (const file of files.filter((entry) => wanted.includes(entry.cFile))) {
      for (const name of file.missing) console.log(`${file.cFile} ${name}`);
    }
    return;
  }
  const row = (name: string, ...numbers: (string | number)[]): string =>
    name.padEnd(20) + numbers.map((n) => String(n).padStart(10)).join('');
  console.log(row('C file', 'functions', 'mirrored', 'different', 'not here', 'missing'));
  const sum = [0, 0, 0, 0, 0];
  for (const file of files) {
    const { total, mirrored, different, notHere, missing, modules } = file;
    const numbers = [total, mirrored, different, notHere, missing.length];
    numbers.forEach((n, i) => (sum[i] = (sum[i] ?? 0) + n));
    console.log(`${row(file.cFile, ...numbers)}  ${modules.join(' ')}`);
  }
  console.log(row('all', ...sum));
  if (args.includes('--write')) {
    const missing = Object.fromEntries(files.map((file) => [file.cFile, file.missing.length]));
    writeFileSync(join(root, 'test/facts/mirror.json'), `${JSON.stringify(missing, null, 1)}\n`);
  }
}

main(process.argv.slice(2));

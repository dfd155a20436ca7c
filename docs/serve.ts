/**
 * Serves the site to a browser: `npm run docs:serve`, then http://127.0.0.1:8017.
 *
 *     node -r ts-node/register docs/serve.ts [port] [folder]
 *
 * Who calls in: a person, the tests of the site. Whom it calls: nobody.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Serves a folder on a port of this machine; 0 takes a free one. */
export function serve(folder: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    let file = join(folder, normalize(decodeURIComponent(pathname)));
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((done, failed) => {
    server.on('error', failed);
    server.listen(port, '127.0.0.1', () => done(server));
  });
}

if (require.main === module) {
  const [port = '8017', folder = join(__dirname, 'site')] = process.argv.slice(2);
  if (!existsSync(join(folder, 'index.html'))) {
    console.error('There is no site yet: npm run docs builds it.');
    process.exitCode = 1;
  } else {
    void serve(resolve(folder), Number(port)).then(() =>
      console.log(`http://127.0.0.1:${port}/   (Ctrl-C ends it)`),
    );
  }
}

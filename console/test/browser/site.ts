// The built console with the mock behind it, as the server would hand it out: the same security policy, compressed files.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { createMock, type Mock, type MockOptions } from '../mock/server';

export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const dist = join(import.meta.dirname, '../../dist');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.md': 'text/markdown',
};

export interface Site {
  url: string;
  mock: Mock;
  stop(): Promise<void>;
}

export async function openSite(options: MockOptions): Promise<Site> {
  const mock = createMock(options);
  const server: Server = createServer((request, response) => {
    if (mock.handle(request, response)) return;
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const file = join(dist, extname(path) ? path : 'index.html');
    if (!file.startsWith(dist) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-encoding': 'gzip',
    });
    response.end(readFileSync(`${file}.gz`));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mock,
    async stop() {
      mock.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

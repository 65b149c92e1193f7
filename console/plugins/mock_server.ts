// `npm run dev` without a Winnow: answers /v1 from the mock of the tests. With WINNOW_URL set, the requests go there.
import type { Plugin } from 'vite';

export function mockServer(): Plugin {
  const url = process.env['WINNOW_URL'];
  return {
    name: 'mock-server',
    apply: 'serve',
    config: () => (url ? { server: { proxy: { '/v1': { target: url, changeOrigin: true } } } } : {}),
    async configureServer(server) {
      if (url || process.env['VITEST']) return;
      const { createMock } = (await server.ssrLoadModule('/test/mock/server.ts')) as typeof import('../test/mock/server');
      const mock = createMock({ cases: 100_000, live: true });
      server.middlewares.use((request, response, next) => {
        if (!mock.handle(request, response)) next();
      });
    },
  };
}

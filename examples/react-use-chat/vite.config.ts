import { defineConfig } from 'vite';

/** Where `npm start` of the repository serves the API. */
const API = process.env['API'] ?? 'http://localhost:8787';

/** The page and the API under one origin, as behind one domain: no origin has to be allowed for it. */
export default defineConfig({
  server: { proxy: { '/v1': API, '/demo': API } },
});

import { availableParallelism } from 'node:os';
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';
import { ASSETS_FOLDER, testAssets } from './scripts/testing/assets.ts';
import { LongestFirst } from './scripts/testing/longest-first.ts';

/** A signing key for tests alone: nothing else ever trusts it. */
const TEST_SIGNING_KEYS = JSON.stringify({
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: 'test-key',
      alg: 'ES256',
      use: 'sig',
      x: 'T9VjXCOx__Eu9wLi_1xI3DvfONDoy-XazXoCxz4P66w',
      y: 'bPwuMPsxeWU-v7wA_JTmgM1l9C41Ul1mm733bJ_EX54',
      d: 'emXBmm_h-2Tbtan-t2boMXFvA3e0zzDQvQfOiTN2uhU',
    },
  ],
});

/** Test files that run at the same time. Many of them wait for servers, so there are two even on one core. */
const WORKERS = Math.min(Math.max(availableParallelism(), 2), 4);

/** Time for a test in milliseconds. Properties take a second or two, and much more where the machine is busy with others. */
const PATIENCE_MS = 60_000;

/** A server or a build takes a few seconds, and more than a minute where the machine is busy with others. */
const SERVER_PATIENCE_MS = 180_000;

export default defineConfig({
  test: {
    maxWorkers: WORKERS,
    sequence: { sequencer: LongestFirst },
    // A request's log line is of interest where its test fails.
    silent: 'passed-only',
    projects: [
      {
        plugins: [
          testAssets,
          cloudflareTest({
            // The runtime reports each warning and each exception that a test makes on purpose.
            verbose: false,
            main: './test/worker.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                DEVELOPMENT: 'true',
                RATE_LIMITS: 'off',
                SIGNING_KEYS: TEST_SIGNING_KEYS,
                OPERATOR_TOKEN: 'the-operator-token-of-tests-0123456789',
              },
              assets: { directory: ASSETS_FOLDER, binding: 'ASSETS' },
            },
          }),
        ],
        test: {
          name: 'runtime',
          include: ['test/**/*.test.ts'],
          exclude: ['test/http/**', 'test/browser/**', 'test/source/**'],
          // A runtime loads the Worker once and then carries out many files: to start one for every file takes three
          // times as long as all tests. Each file begins without stored data.
          isolate: false,
          maxWorkers: WORKERS,
          setupFiles: './test/support/new-isolate.ts',
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: 'http',
          include: ['test/http/**/*.test.ts'],
          globalSetup: './test/http/built-pages.ts',
          maxWorkers: WORKERS,
          testTimeout: SERVER_PATIENCE_MS,
          hookTimeout: SERVER_PATIENCE_MS,
        },
      },
      {
        test: {
          name: 'source',
          include: ['test/source/**/*.test.ts'],
          maxWorkers: WORKERS,
          testTimeout: SERVER_PATIENCE_MS,
          hookTimeout: SERVER_PATIENCE_MS,
        },
      },
      {
        test: {
          name: 'browser',
          // What is tested is what production serves.
          env: { MINIFY_PAGES: 'on' },
          include: ['test/browser/**/*.test.ts'],
          globalSetup: './test/http/built-pages.ts',
          // One at a time: some tests watch what a page shows for a moment.
          maxWorkers: 1,
          testTimeout: SERVER_PATIENCE_MS,
          hookTimeout: SERVER_PATIENCE_MS,
          // What a page shows, it shows when the machine comes to it.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});

/** Measures pages of a list of many conversations, and turns while such pages are read. */
import { join } from 'node:path';
import { issueToken } from '../src/edge/tokens.ts';
import { DEFAULT_DIRECTORY_SHARDS } from '../src/registry/organization.ts';
import { objectClasses, PRODUCT, ROOT, type BundleSource } from './bundle.ts';
import { beginMany, type Subject } from './conversations.ts';
import { ORGANIZATION, SERVICE, userId } from './scenario.ts';
import { median } from './statistics.ts';
import { openProduct, scratchDirectory } from './subjects.ts';

/** Conversations of one user, in one shard of the list. */
const LISTED = 50_000;
const PAGE = 150;
/** Each measured value is the median of so many. */
const ROUNDS = 25;
const SEED_PATH = '/bench-seed';

/** Times in milliseconds. Positions of the listed conversations count from 1, so that they are their tokens. */
export interface ListResults {
  firstPageMs: number;
  deepestPageMs: number;
  /** A page of a tag that no conversation has. */
  nothingFoundMs: number;
  /** A page of two tags that half the conversations have each, and none has together: the search ends at its maximum. */
  searchedMs: number;
  /** A page of one conversation: what any request costs. */
  smallestMs: number;
  turnMs: number;
  /** A turn of the user beside a page, and beside eight requests: for a page, a search in vain, the smallest page. */
  turnBesidePageMs: number;
  turnBesidePagesMs: number;
  turnBesideSearchesMs: number;
  turnBesideSmallestMs: number;
}

/** The product with a list that can be filled. */
function seedable(): BundleSource {
  const others = objectClasses().filter((name) => name !== 'Directory');
  return {
    code: `
      import * as product from ${JSON.stringify(PRODUCT.file)};
      import { directoryOfUser } from ${JSON.stringify(join(ROOT, 'src/directory/client.ts'))};
      ${others.map((name) => `export const ${name} = product.${name};`).join('\n')}
      export class Directory extends product.Directory {
        seed(user) {
          this.ctx.storage.sql.exec(
            \`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LISTED})
             INSERT INTO conversations SELECT i, printf('%024x', i), ?, '${SERVICE}', 'finished', 1, '[]', 'Bye', 3,
               '{"kind":"' || (i % 2) || '"}', '{"agent":["a90000000000000000000001",1],"graph":["960000000000000000000001",1]}', NULL FROM n\`,
            user,
          );
        }
      }
      export default {
        async fetch(request, env, ctx) {
          if (new URL(request.url).pathname !== '${SEED_PATH}') return product.default.fetch(request, env, ctx);
          const user = await request.text();
          await directoryOfUser(env, { id: '${ORGANIZATION}', directory_shards: ${DEFAULT_DIRECTORY_SHARDS} }, user).seed(user);
          return new Response('ok');
        },
      };
    `,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Fills the list of a user, and returns functions that read pages of it. */
async function pagesOf({ server }: Subject, secret: string, user: string) {
  await fetch(new URL(SEED_PATH, server.origin), { method: 'POST', body: user });
  const { id_token } = await issueToken(secret, { organization: ORGANIZATION, user_id: user }, Date.now());
  const read = async (query: string, least: number, limit = PAGE) => {
    const path = `/v1/${ORGANIZATION}/conversation/?limit=${limit}${query}`;
    const answer = await fetch(new URL(path, server.origin), {
      headers: { authorization: `Bearer ${id_token}` },
    });
    const page = (await answer.json()) as { conversations?: unknown[] };
    if ((page.conversations?.length ?? -1) < least) throw new Error(`Not the page of ${path}.`);
  };
  return {
    firstPageMs: () => read('', PAGE),
    deepestPageMs: () => read(`&continuation_token=${PAGE + 1}`, PAGE),
    nothingFoundMs: () => read('&tag=kind:nothing', 0),
    searchedMs: () => read('&tag=kind:0&tag=kind:1', 0),
    smallestMs: () => read('', 1, 1),
  };
}

async function measure(subject: Subject, secret: string): Promise<ListResults> {
  const [conversation] = await beginMany(subject, 1);
  if (conversation === undefined) throw new Error('There is no conversation.');
  const pages = await pagesOf(subject, secret, userId(0));
  const measured: Record<keyof ListResults, number[]> = {
    firstPageMs: [],
    deepestPageMs: [],
    nothingFoundMs: [],
    searchedMs: [],
    smallestMs: [],
    turnMs: [],
    turnBesidePageMs: [],
    turnBesidePagesMs: [],
    turnBesideSearchesMs: [],
    turnBesideSmallestMs: [],
  };
  const turnBeside = async (count: number, page: () => Promise<void>) => {
    const reading = Promise.all(Array.from({ length: count }, page));
    const { wholeMs } = await conversation.take();
    await reading;
    return wholeMs;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, page] of Object.entries(pages)) {
      measured[name as keyof ListResults].push(await timed(page));
    }
    measured.turnMs.push((await conversation.take()).wholeMs);
    measured.turnBesidePageMs.push(await turnBeside(1, pages.deepestPageMs));
    measured.turnBesidePagesMs.push(await turnBeside(8, pages.deepestPageMs));
    measured.turnBesideSearchesMs.push(await turnBeside(8, pages.searchedMs));
    measured.turnBesideSmallestMs.push(await turnBeside(8, pages.smallestMs));
  }
  conversation.close();
  return Object.fromEntries(
    Object.entries(measured).map(([name, values]) => [name, median(values)]),
  ) as unknown as ListResults;
}

/** Measures a list of 50,000 conversations of one user, in memory. */
export async function measureList(): Promise<ListResults> {
  const scratch = await scratchDirectory('memory');
  try {
    const { subject, secret } = await openProduct(seedable(), { directory: scratch.path });
    try {
      return await measure(subject, secret);
    } finally {
      await subject.server.stop();
    }
  } finally {
    await scratch.remove();
  }
}

/** Returns the results as text. */
export function listReport(results: ListResults): string {
  const { firstPageMs, deepestPageMs, nothingFoundMs, turnMs } = results;
  const times = (value: number, base: number) => `${value.toFixed(1)} (${(value / base).toFixed(2)} times)`;
  return [
    `A list of ${LISTED} conversations, ms: first page ${firstPageMs.toFixed(1)}, deepest ${times(deepestPageMs, firstPageMs)}, ` +
      `a tag that none has ${times(nothingFoundMs, firstPageMs)}, two common tags that none has together ` +
      `${times(results.searchedMs, firstPageMs)}, one conversation ${times(results.smallestMs, firstPageMs)}`,
    `  a turn ${turnMs.toFixed(1)}, beside a page ${times(results.turnBesidePageMs, turnMs)}, ` +
      `beside eight ${times(results.turnBesidePagesMs, turnMs)}, ` +
      `beside eight searches that find nothing ${times(results.turnBesideSearchesMs, turnMs)}, ` +
      `beside eight of one conversation ${times(results.turnBesideSmallestMs, turnMs)}`,
    '',
  ].join('\n');
}

import type { DrawnAgent, TurnsAnswer } from '../src/contract/workbench.ts';
import type { ContextGraph } from '../src/registry/graph.ts';
import type { Client } from './client.ts';
import { make } from './elements.ts';
import { testFileOf } from './test-file.ts';

/** The address of the last saved file. It is freed by the next one: a browser may read it after the click. */
let savedUrl: string | null = null;

/** Offers a text to be saved as a file. */
function save(name: string, text: string): void {
  if (savedUrl !== null) URL.revokeObjectURL(savedUrl);
  savedUrl = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  make('a', { href: savedUrl, download: name }).click();
}

/** Reads all turns of a conversation, the oldest first. */
async function allTurns(client: Client, conversation: string): Promise<TurnsAnswer> {
  let page = await client.turns(conversation);
  const newest = page;
  const turns = [...page.turns];
  while (page.continuation_token !== null) {
    page = await client.turns(conversation, page.continuation_token);
    turns.push(...page.turns);
  }
  return { ...newest, turns: turns.toReversed() };
}

/** Saves a conversation as a file of `npm run agent:test`. `drawn` are the graphs of the conversation. */
export async function saveAsTest(
  client: Client,
  conversation: string,
  drawn: DrawnAgent<ContextGraph>,
): Promise<void> {
  const [graph] = drawn.graphs;
  if (graph === undefined) return;
  const [{ turns, is_finished: isFinished }, messages] = await Promise.all([
    allTurns(client, conversation),
    client.allMessages(conversation),
  ]);
  const file = testFileOf({
    id: conversation,
    organization: client.organization,
    service: drawn.service.name,
    graph,
    isFinished,
    turns,
    messages,
  });
  save(`${conversation}.json`, `${JSON.stringify(file, null, 2)}\n`);
}

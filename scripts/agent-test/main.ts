/**
 * `npm run agent:test -- PATH...`: plays dialogues and prints their mistakes, and the states and exits that no dialogue
 * reached. A path is a file, or a directory with files. `--model` plays on the model that `LLM_BASE_URL`, `LLM_MODEL`
 * and `LLM_API_KEY` name; `--verbose` prints every turn; `--json` prints the verdicts as JSON.
 */
import { runCommand, usageOf, type CommandLine } from './command-line.ts';
import { coverageOf, judgeDialogue, type Verdict } from './judge.ts';
import { loadDialogues } from './load.ts';
import { playDialogue, type PlayedDialogue } from './play.ts';
import { reasonerFor } from './reasoners.ts';

function printTurns({ dialogue, turns, failure }: PlayedDialogue): void {
  console.log(`\n# ${dialogue.name}`);
  for (const { heard, message, log } of turns) {
    if (heard.event !== undefined) console.log(`  event: ${heard.event}`);
    if (heard.say !== undefined) console.log(`  user:  ${heard.say}`);
    const path = log.transitions.map(({ next_state }) => next_state).join(' > ');
    console.log(`  agent: ${message}   [${path === '' ? log.state : `> ${path}`}]`);
  }
  if (failure !== null) console.log(`  failed: ${failure}`);
}

function printVerdicts(verdicts: readonly Verdict[]): void {
  for (const { name, wrongAt, complaints } of verdicts) {
    const shown = wrongAt === null ? 'right' : `turn ${wrongAt}: ${complaints.join('; ')}`;
    console.log(`  ${wrongAt === null ? 'ok  ' : 'FAIL'} ${name} - ${shown}`);
  }
}

function printCoverage(played: readonly PlayedDialogue[]): void {
  const { states, exits } = coverageOf(played);
  const share = (part: number, whole: number) => `${part} of ${whole}`;
  console.log(`  states visited: ${share(states.filter(({ visited }) => visited).length, states.length)}`);
  console.log(`  exits taken:    ${share(exits.filter(({ taken }) => taken).length, exits.length)}`);
  for (const { name, visited } of states) if (!visited) console.log(`    never visited: ${name}`);
  for (const { from, description, taken } of exits)
    if (!taken) console.log(`    never taken: ${from}: ${description}`);
}

async function playFile(path: string, options: CommandLine): Promise<Verdict[]> {
  const { organization, dialogues } = await loadDialogues(path);
  const reasoner = reasonerFor(organization, options.model);
  const played: PlayedDialogue[] = [];
  for (const dialogue of dialogues) played.push(await playDialogue(organization, dialogue, reasoner));
  const verdicts = played.map(judgeDialogue);
  if (options.json) return verdicts;
  if (options.verbose) for (const each of played) printTurns(each);
  console.log(`\n${path}`);
  printVerdicts(verdicts);
  const services = new Set(dialogues.map(({ service }) => service));
  for (const service of services) {
    if (services.size > 1) console.log(`  ${service}`);
    printCoverage(played.filter((_each, index) => dialogues[index]?.service === service));
  }
  return verdicts;
}

await runCommand(usageOf('agent:test', 'dialogues'), async (options) => {
  const verdicts: Verdict[] = [];
  for (const file of options.files) verdicts.push(...(await playFile(file, options)));
  const right = verdicts.filter(({ wrongAt }) => wrongAt === null).length;
  const turns = verdicts.reduce((sum, verdict) => sum + verdict.turns, 0);
  const rightTurns = verdicts.reduce((sum, verdict) => sum + verdict.rightTurns, 0);
  if (options.json) console.log(JSON.stringify(verdicts, null, 2));
  else console.log(`\n${right} of ${verdicts.length} dialogues right, ${rightTurns} of ${turns} turns`);
  return right === verdicts.length ? 0 : 1;
});

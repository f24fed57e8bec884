/**
 * `npm run agent:test -- PATH...`: plays dialogues and prints their mistakes, and the states and exits that no dialogue
 * reached, and whether each dialogue ends right when it is played without being put right. A path is a file, or a directory
 * with files. `--model` plays on the model that `LLM_BASE_URL`, `LLM_MODEL`
 * and `LLM_API_KEY` name; `--record` writes the dialogues as they were played; `--replay` answers as it was recorded;
 * `--letters` plays without word vectors;
 * `--verbose` prints every turn; `--json` prints the verdicts as JSON.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { runCommand, usageOf, type CommandLine } from './command-line.ts';
import { demandCoverage } from './coverage.ts';
import { judgeDialogue, type Verdict } from './judge.ts';
import { loadDialogues, readDialogueFile } from './load.ts';
import { judgeOutcome } from './outcome.ts';
import { playDialogue, type PlayedDialogue } from './play.ts';
import { reasonerFor } from './reasoners.ts';
import { recordedDialogue } from './record.ts';
import { replayFiles } from './replay/replay-files.ts';

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

/** Verdict on the turns of a dialogue, and what is wrong at its end when it is played without realigning. */
interface WholeVerdict extends Verdict {
  endComplaints: string[];
}

function printVerdicts(verdicts: readonly WholeVerdict[]): void {
  for (const { name, wrongAt, complaints, endComplaints } of verdicts) {
    const shown = wrongAt === null ? 'right' : `turn ${wrongAt}: ${complaints.join('; ')}`;
    console.log(`  ${wrongAt === null ? 'ok  ' : 'FAIL'} ${name} - ${shown}`);
    console.log(`       ${endComplaints.length === 0 ? 'ends right' : `end: ${endComplaints.join('; ')}`}`);
  }
}

/** Writes the dialogues of a file as they were played. */
async function record(
  path: string,
  directory: string,
  played: readonly PlayedDialogue[],
  { organization: instead }: CommandLine,
): Promise<void> {
  const file = await readDialogueFile(path);
  const source = instead ?? resolve(dirname(path), file.organization);
  const { organization } = await loadDialogues(path, instead);
  const dialogues = played.map((each) => recordedDialogue(each, organization));
  await mkdir(directory, { recursive: true });
  const recorded = { ...file, organization: relative(directory, source), dialogues };
  await writeFile(join(directory, basename(path)), `${JSON.stringify(recorded, null, 2)}\n`);
}

/** Results of a file: the verdicts on its dialogues, and the services of which too little was reached. */
interface Played {
  verdicts: WholeVerdict[];
  unmet: string[];
}

async function playFile(path: string, options: CommandLine): Promise<Played> {
  const { organization, dialogues } = await loadDialogues(path, options.organization);
  const reasoner = reasonerFor(organization, options);
  const played: PlayedDialogue[] = [];
  const verdicts: WholeVerdict[] = [];
  for (const dialogue of dialogues) {
    const through = await playDialogue(organization, dialogue, reasoner, false);
    const judged = options.record === null ? await playDialogue(organization, dialogue, reasoner) : through;
    played.push(judged);
    verdicts.push({ ...judgeDialogue(judged), endComplaints: judgeOutcome(through) });
  }
  if (options.record !== null) await record(path, options.record, played, options);
  const named = played.map((each, index) => ({ ...each, service: dialogues[index]?.service ?? '' }));
  const { lines, unmet } = demandCoverage(named, options.coverage);
  if (!options.json) {
    if (options.verbose) for (const each of played) printTurns(each);
    console.log(`\n${path}`);
    printVerdicts(verdicts);
    for (const line of lines) console.log(line);
  }
  return { verdicts, unmet };
}

/** Plays files. Returns the exit code. */
async function play(options: CommandLine): Promise<number> {
  const files: Played[] = [];
  for (const file of options.files) files.push(await playFile(file, options));
  const verdicts = files.flatMap((file) => file.verdicts);
  const right = verdicts.filter(({ wrongAt }) => wrongAt === null).length;
  const turns = verdicts.reduce((sum, verdict) => sum + verdict.turns, 0);
  const rightTurns = verdicts.reduce((sum, verdict) => sum + verdict.rightTurns, 0);
  const ends = verdicts.filter(({ endComplaints }) => endComplaints.length === 0).length;
  if (options.json) console.log(JSON.stringify(verdicts, null, 2));
  else
    console.log(
      `\n${right} of ${verdicts.length} dialogues right, ${rightTurns} of ${turns} turns, ${ends} dialogues end right`,
    );
  const unmet = files.flatMap((file) => file.unmet);
  for (const sentence of unmet) console.error(sentence);
  return right === verdicts.length && unmet.length === 0 ? 0 : 1;
}

/** Replays files. Returns the exit code. */
async function replay({ files, organization, coverage, json }: CommandLine): Promise<number> {
  const { replayed, lines, unmet } = await replayFiles(files, organization, coverage);
  if (json) {
    const shown = replayed.map(({ name, turns, differences }) => ({ name, turns, differences }));
    console.log(JSON.stringify(shown, null, 2));
  } else for (const line of lines) console.log(line);
  for (const sentence of unmet) console.error(sentence);
  return unmet.length === 0 ? 0 : 1;
}

await runCommand(
  usageOf('agent:test', 'dialogues', true),
  (options) => (options.replay ? replay(options) : play(options)),
  true,
);

/** `npm run proof:kills [-- --kills 200]`: the proof by kills (`kill-proof.ts`). Ends with 1 when anything was lost or done twice. */
import { parseArgs } from 'node:util';
import { faultsOf, proveByKills } from './kill-proof.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' } } });
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) throw new Error('--kills is a number from 1.');

// What was proved by then is reported when the command is told to end.
const state = { goesOn: true };
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    state.goesOn = false;
  });
}
const report = await proveByKills(kills, (done) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${kills}`);
  return state.goesOn;
});
console.log(JSON.stringify(report, null, 2));
const faults = faultsOf(report);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

/**
 * Prints the largest memory of this process, in KiB, before and after something of the agent reads a text: the name of an
 * entrance, what the text repeats, and its length are the arguments.
 */
import { ENTRANCES } from './agent-entrances.ts';

const [name = '', repeated = '', length = '0'] = process.argv.slice(2);
// What is loaded with the first call is no cost of the text.
await ENTRANCES[name]?.(repeated);
const before = process.resourceUsage().maxRSS;
await ENTRANCES[name]?.(repeated.repeat(Number(length) / repeated.length));
console.log(JSON.stringify([before, process.resourceUsage().maxRSS]));

/** Quantities with their unit: "5 kg", "one and a half litres", "two weeks". English. */
import { NUMBER_WORD } from './number-words.ts';

const UNIT =
  '(?:kgs?|kilos?|kilogram(?:me)?s?|g|grams?|grammes?|mg|t|tons?|tonnes?|lbs?|ounces?|oz|l|litres?|liters?|ml|cl|gallons?|pints?|m|metres?|meters?|cm|mm|km|kilomet(?:re|er)s?|miles?|inch(?:es)?|feet|foot|(?:square|cubic) met(?:re|er)s?|m2|m3|sqm|kwh|watts?|volts?|bar|degrees?|seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|gb|mb|tb|percent)';
const ONE = `(?:\\d{1,9}(?:[.,]\\d{1,3}){0,3}|${NUMBER_WORD}|a|an|one|a couple of|a few|several)`;
const COUNT = `(?:half an?|${ONE}(?: and a half| hundred| thousand)?(?: (?:or|to|-) ${ONE})?)`;
const MEASURE = new RegExp(`(?<![\\w.,])${COUNT} ?${UNIT}(?![\\w])`, 'gi');

/** The last quantity with a unit in a text, as it is written. */
export function findMeasure(text: string): string | null {
  return [...text.matchAll(MEASURE)].at(-1)?.[0] ?? null;
}

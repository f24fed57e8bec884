/** Removes what a text rules out: "Friday rather than Monday", "anything but red". English. */

/** Words before something that is not wanted, and its first word. */
const INSTEAD_OF =
  /\b(?:instead of|rather than) (?:(?:on|in|at|by|with|the|an?|my|to) ){0,2}[\p{L}\p{N}-]{1,40}/giu;
const ANYTHING_BUT =
  /\b(?:anything|everything|any|all) (?:but|except(?: for)?) (?:(?:on|in|the|an?) ){0,2}[\p{L}\p{N}-]{1,40}(?: (?:or|and) (?:(?:on|in|the|an?) ){0,2}[\p{L}\p{N}-]{1,40}){0,3}/giu;
/** A thing that is bad, before another one that is good: "Wednesday is bad, Monday is better". */
const WORSE =
  /\b[\p{L}\p{N}-]{1,40} (?:is|are|would be) (?:too |rather |very |really |a bit )?(?:bad|worse|no good|not (?:good|so good|great|possible)|difficult|impossible|tricky|inconvenient)(?=[,;]? (?:but |so |and )?[\p{L}\p{N}-]{1,40} (?:is|are|would be|works|suits|will do) ?(?:better|best|fine|good|great|ok|okay|possible|perfect|easier)?\b)/giu;

/** Returns a text without what it rules out in favour of something else. */
export function withoutRuledOut(text: string): string {
  return text.replaceAll(INSTEAD_OF, ' ').replaceAll(ANYTHING_BUT, ' ').replaceAll(WORSE, ' ');
}

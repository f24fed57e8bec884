/**
 * Figures of speech with words of the body, of illness, of fire and of farewell. They tell nothing of what these words
 * name: "that movie was a stroke of genius", "I am bleeding money". English.
 */

const WHOSE = "(?:my|your|his|her|our|their|the|a|an|one's|someone's)";
const FEW = '(?:\\w+ ){0,2}?';

const HEART_MOODS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `${WHOSE} heart (?:is|was|isn't|is not|wasn't) ${FEW}(?:set on|in it|in the right place|broken)`,
    `${WHOSE} heart (?:skip(?:s|ped)? a beat|sank|sinks|goes out|went out|leap(?:s|ed|t)|melt(?:s|ed)|ached? for)`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const HEART_SAYINGS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:broke|break|breaks|breaking|stole|won|lost|pour(?:ed)? out|follow|had) ${WHOSE} heart(?: broken| out)?`,
    '(?:learn|know|knew|learnt|learned|learning) (?:\\w+ ){1,3}by heart|heart of (?:gold|stone|the matter)|heart to heart|(?:good|kind|big|cold) heart|by heart|change of heart|heart and soul|broken heart|heartbroken',
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const NEARLY_ILL = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:nearly|almost|practically|about|going to|gonna) (?:had|have|having|gave|give) (?:\\w+ ){0,2}(?:heart attack|stroke|fit)`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const BREATH = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:hold|holding|held|catch|caught|save|waste|wasting) ${WHOSE} breath(?= (?:for|on|until|at the|when)|[.,!?]|$)(?<!\\b(?:can't|cannot|can not|couldn't|could not) catch ${WHOSE} breath)`,
    `(?:takes?|took|taking) ${WHOSE} breath away|breath of fresh air|under ${WHOSE} breath|in the same breath|a breather`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const CHEST_AND_THROAT = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:get|got|getting) (?:it|this|that|these|them|something|things|a few things|a lot|all of it|it all|everything) off ${WHOSE} chest|close to ${WHOSE} chest`,
    `lump in ${WHOSE} throat|frog in ${WHOSE} throat|(?:choke|choked|choking) (?:up|back)(?! blood)|jump(?:ed)? down ${WHOSE} throat`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const PAINS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:pain|pains) in the (?:neck|ass|butt|arse|backside)|no pain,? no gain|for ${WHOSE} pains`,
    `butterflies in ${WHOSE} (?:stomach|tummy|belly)|(?:cold feet|sore point|sore subject|sore loser|sight for sore eyes|eyesore|cold shoulder|chip on ${WHOSE} shoulder)`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const LIMBS_AND_HEAD = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:an )?arm and a leg|break a leg|pull(?:ing|ed|s)? ${WHOSE} leg|stab(?:bed|bing|s)? (?:\\w+ )?in the back|${WHOSE} (?:head|mind) (?:is|was) (?:spinning|exploding|about to explode)|${WHOSE} feet are killing|(?:this|that|it|he|she|they|you|which) (?:is|are|was|were|'s) killing (?:me|us)`,
    `(?:go|goes|going|went|come|came|off) (?:\\w+ )?(?:out of|off) ${WHOSE} head|lost ${WHOSE} (?:head|mind|temper|nerve)|neck of the woods|up to ${WHOSE} (?:neck|ears|eyes)`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const STROKES_AND_BLEEDING = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    '(?:a )?strokes? of (?:luck|genius|fate|fortune|midnight|a pen|the pen|insight)|on the stroke of|breast ?stroke|back ?stroke|brush strokes?|key ?strokes?',
    `bleed(?:s|ing)? (?:money|cash|customers|users|dry|through)|bleeding edge|bleeding heart|bleed(?:ing)? (?:the |my |a )?(?:radiators?|brakes?|system|pipes?)|(?:bled|bleed) (?:the |my )?(?:radiators?|brakes?)`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const DEATH_AND_FAINTING = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:dying|dies?|died) (?:to (?:\\w+)|for (?:a|an|some)|of (?:boredom|curiosity|laughter|embarrassment|shame)|laughing)|(?:bored|scared|worried|tired|sick|frightened|thrilled|laughed|starving|starved) to death|to die for|over my dead body|drop[- ]dead (?:gorgeous|date)`,
    `(?:faint|fainted|collapse|collapsed) when (?:\\w+ )?(?:i|he|she|they|we) (?:saw|heard|read|got)|(?:faint(?:est)?) (?:idea|hope|praise|memory)|(?:deal|talks?|bridge|building|tent|roof|market|negotiations?|chair|price) (?:has |have |had )?collapsed`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const ILLNESS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    'sick (?:and tired|of (?:it|this|that|waiting|all))|under the weather|shot in the (?:arm|dark)|(?:panic|heart) attack when|blood (?:boils?|boiling|is thicker)|in cold blood|blood,? sweat and tears|poison pill|allergic to (?:work|mondays?|waiting|paperwork|bureaucracy|small talk)',
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const FIRE = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    `(?:was|were|got|get|getting|been|be|is|are|being) fired(?! up\\b)|fired? (?:up|away|him|her|them|me|you)\\b|(?:he|she|they|you|we|i) (?:fire|fired) `,
    `(?:i|you|he|she|we|they|the team|the band)(?: am|'m| are|'re| is|'s| was| were) on fire(?= (?:today|tonight|lately|right now|again)|[.!]*$)(?<!\\b(?:i|we)(?: am|'m| are|'re) on fire)|under fire|friendly fire|line of fire|fire sale|spread(?:s|ing)? like (?:wild)?fire|sets? the world on fire|play(?:ing)? with fire|cease ?fire|fireplace|fire ?works?|fire ?wall`,
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
const BURNING_AND_SMOKE = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    'burn(?:s|t|ed|ing)? (?:up )?(?:with (?:curiosity|desire|envy|love|ambition)|out|bridges|calories|cash|money|the midnight oil|rubber|a hole|question)|burning (?:question|desire|issue|passion)|(?:got|been|was|were) burn(?:ed|t) (?:by|last|before|once|in the past|badly by|twice)|old flame|flame war|burn ?out|burned ?out',
    "(?:quit|quitting|stop|stopped|stopping|gave up|give up|giving up|no|non|don't|do not|never|used to|anti)[- ]smok(?:e|ed|ing|er)|smok(?:e|ing) (?:a|an|one|my|his|her|cigarettes?|weed|break|area|gun)|holy smoke|smoke screen|smoke and mirrors|up in smoke|smoked (?:salmon|meat|ham|cheese|fish)",
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);

/** Figures of the heart, of breath, of other parts of the body, of illness and death, and of fire. */
const IDIOMS = [
  HEART_MOODS,
  HEART_SAYINGS,
  NEARLY_ILL,
  BREATH,
  CHEST_AND_THROAT,
  PAINS,
  LIMBS_AND_HEAD,
  STROKES_AND_BLEEDING,
  DEATH_AND_FAINTING,
  ILLNESS,
  FIRE,
  BURNING_AND_SMOKE,
];

/** Returns a text without its figures of speech. */
export function withoutIdioms(text: string): string {
  return IDIOMS.reduce((rest, idiom) => rest.replaceAll(idiom, ' '), text.replaceAll('’', "'"));
}

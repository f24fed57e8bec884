/** Words of the body and of pain, for triggers: a pain in the shoulder is no pain in the chest. English. */
import { relation } from './scales.ts';
import { stemOf } from './stems.ts';

/** Parts of the body, each line with the words for one part. */
const PARTS = `
head skull forehead scalp
face cheek
eye eyes
ear ears
nose nostril
mouth lip lips
tongue
tooth teeth gum gums jaw
neck nape
throat
shoulder
arm arms elbow forearm
hand hands wrist palm
finger fingers thumb fingertip
chest breast ribcage
rib ribs
heart
lung lungs
back spine
stomach belly tummy abdomen gut
hip hips
groin
bottom buttock
leg legs thigh shin calf
knee knees
ankle
foot feet heel
toe toes
skin
muscle
bone
nail nails
kidney liver bladder
`;
const PART_OF = new Map(
  PARTS.trim()
    .split('\n')
    .flatMap((line, index) => line.split(' ').map((word) => [stemOf(word), index] as const)),
);
/** Words for pain. */
const PAIN = new Set(
  'pain pains painful hurt hurts hurting ache aches aching sore soreness'.split(' ').map(stemOf),
);

/**
 * Returns true if two stems are of different kinds of complaints: other parts of the body, a part and what is no part,
 * or a word for pain and what is none.
 */
export function isOtherComplaint(a: string, b: string): boolean {
  return PAIN.has(a) !== PAIN.has(b) || PART_OF.get(a) !== PART_OF.get(b);
}

/** Returns true if two stems have the same meaning, words for pain and for one part of the body among them. */
export function isAlike(a: string, b: string): boolean {
  if (relation(a, b) === 1 || (PAIN.has(a) && PAIN.has(b))) return true;
  const part = PART_OF.get(a);
  return part !== undefined && part === PART_OF.get(b);
}

/** Fields of organizations that several operations share. */
import * as z from 'zod';
import { atMost, listOfAtMost, Name, Prose } from '../../registry/primitives.ts';

/** The most aspects of users, and the most tags of each. */
const MAX_DIMENSIONS = 50;
const MAX_TAGS = 50;

export const Dimensions = listOfAtMost(
  z.object({ description: Prose, tags: listOfAtMost(Name, MAX_TAGS) }),
  MAX_DIMENSIONS,
).meta({ description: 'What user models are about.' });

/** The longest picture, in characters of base64. */
const MAX_PICTURE_LENGTH = 262_144;

/** Pictures of front ends that the published API hosts. */
export const Picture = atMost(MAX_PICTURE_LENGTH)
  .nullish()
  .meta({ format: 'base64', description: 'Accepted for compatibility; it has no effect here.' });

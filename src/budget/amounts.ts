/** Amounts that budgets count. Pure. */

/** The units of a budget: tokens of models, millionths of a US dollar, and turns. All are whole numbers. */
export const UNITS = ['tokens', 'micro_usd', 'turns'] as const;
export type Unit = (typeof UNITS)[number];

/** An amount in each unit. */
export type Amounts = Readonly<Record<Unit, number>>;

/** The amount of nothing. */
export const NOTHING: Amounts = { tokens: 0, micro_usd: 0, turns: 0 };

/** Returns the sum of two amounts. */
export function plus(one: Amounts, other: Amounts): Amounts {
  return {
    tokens: one.tokens + other.tokens,
    micro_usd: one.micro_usd + other.micro_usd,
    turns: one.turns + other.turns,
  };
}

/** Returns the difference of two amounts; 0 in a unit where it would be negative. */
export function minus(one: Amounts, other: Amounts): Amounts {
  return {
    tokens: Math.max(one.tokens - other.tokens, 0),
    micro_usd: Math.max(one.micro_usd - other.micro_usd, 0),
    turns: Math.max(one.turns - other.turns, 0),
  };
}

/** Returns whether an amount is nothing in every unit. */
export function isNothing(amounts: Amounts): boolean {
  return UNITS.every((unit) => amounts[unit] === 0);
}

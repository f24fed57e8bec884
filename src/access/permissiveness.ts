import type { Condition, PermissionGrant } from './permissions.ts';

function isVariable(value: unknown): boolean {
  return typeof value === 'string' && /^\{\w+\}$/.test(value);
}

/** Tells whether two values certainly differ. A variable may take any value, so it differs from none for certain. */
function differ(a: unknown, b: unknown): boolean {
  return a !== b && !isVariable(a) && !isVariable(b);
}

/** Tells whether every value that meets `inner` meets `outer`. False if in doubt. */
function within(inner: Condition, outer: Condition): boolean {
  const values = inner.type === 'In' ? inner.values : inner.type === 'Equals' ? [inner.value] : null;
  if (values === null)
    return outer.type === 'NotEquals' && inner.type === 'NotEquals' && inner.value === outer.value;
  switch (outer.type) {
    case 'Equals':
      return values.every((value) => value === outer.value);
    case 'In':
      return values.every((value) => outer.values.includes(value));
    case 'NotEquals':
      return values.every((value) => differ(value, outer.value));
  }
}

/** Tells whether `outer` grants everything that `inner` grants. False if in doubt. */
function covers(outer: PermissionGrant, inner: PermissionGrant): boolean {
  if (outer.permission_name !== inner.permission_name) return false;
  const conditions = new Map(Object.entries(inner.conditions));
  return Object.entries(outer.conditions).every(([attribute, condition]) => {
    const stricter = conditions.get(attribute);
    return stricter !== undefined && within(stricter, condition);
  });
}

function coversAll(outer: readonly PermissionGrant[], inner: readonly PermissionGrant[]): boolean {
  return inner.every((grant) => outer.some((candidate) => covers(candidate, grant)));
}

/** Tells whether a role grants nothing that another one does not grant. False if in doubt. */
export function grantsNoMoreThan(
  role: readonly PermissionGrant[],
  than: readonly PermissionGrant[],
): boolean {
  return coversAll(than, role);
}

/**
 * Tells whether a role grants less than another one: nothing beyond it, and not everything of it. False if in doubt, so
 * that an API key never signs in a user who has more permissions than the key.
 */
export function isLessPermissive(
  role: readonly PermissionGrant[],
  than: readonly PermissionGrant[],
): boolean {
  return coversAll(than, role) && !coversAll(role, than);
}

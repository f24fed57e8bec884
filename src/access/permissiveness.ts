import type { Condition, PermissionGrant } from './permissions.ts';

function isVariable(value: unknown): boolean {
  return typeof value === 'string' && /^\{\w+\}$/.test(value);
}

/** Values that can be told apart for certain: what a variable will be is not known yet. */
function differ(a: unknown, b: unknown): boolean {
  return a !== b && !isVariable(a) && !isVariable(b);
}

/** Whether everything that satisfies `inner` satisfies `outer`. In doubt it does not. */
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

/** Whether `outer` grants everything that `inner` does. */
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

/** Whether a role grants nothing that another does not. In doubt it grants more. */
export function grantsNoMoreThan(
  role: readonly PermissionGrant[],
  than: readonly PermissionGrant[],
): boolean {
  return coversAll(than, role);
}

/**
 * Whether a role grants less than another: nothing the other does not grant, and not all that it grants. In doubt it
 * is not less, so that an API key never signs in somebody who could do more than the key was made for.
 */
export function isLessPermissive(
  role: readonly PermissionGrant[],
  than: readonly PermissionGrant[],
): boolean {
  return coversAll(than, role) && !coversAll(role, than);
}

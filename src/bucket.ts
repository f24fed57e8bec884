/** Number of objects that a bucket lists and removes in one request (platform limit). */
const AT_ONCE = 1_000;

/** Removes every object of a bucket whose key begins with `prefix`. It may be repeated. */
export async function removeUnder(bucket: R2Bucket, prefix: string): Promise<void> {
  for (;;) {
    const { objects, truncated } = await bucket.list({ prefix, limit: AT_ONCE });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}

/** What a call gives, or null where AWS says that there is no such thing. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("NoSuchEntity")) return null;
    throw error;
  }
}

// A refusal as one line: what is wrong, and what to do.

/** refusalOf puts the advice of a refusal after its sentence, or in brackets where there is no sentence's end. */
export function refusalOf({ error, hint }: { error: string; hint?: string | undefined }): string {
  if (!hint) return error;
  return /[.!?。！？]$/.test(error) ? `${error} ${hint}` : `${error} (${hint})`;
}

/** A named way in which the mock gateway answers: what it may be set to, about what, and what the honest gateway does. */
export interface Behaviour {
  readonly says: string;
  /** Words, and kinds in angle brackets (`<number>`) for open values. */
  readonly values: readonly string[];
  /** How it is where neither world nor fault says otherwise. */
  readonly honest: string;
  /** What may follow the name after a dot, to set it for that alone. */
  readonly subjects?: readonly string[];
}

/** Values and items in the form of the SDK. */

/** An object whose only key is the name of a type. */
export interface WireValue {
  [type: string]: unknown;
}

export interface WireItem {
  [name: string]: WireValue;
}

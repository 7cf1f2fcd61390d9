import type * as z from "zod";
import { commonSchema } from "./common-schema.js";
import { table } from "./field-kinds.js";
import { workerSchema } from "./worker-schema.js";

/** Every key that the worker uses. Other keys are kept in the configuration and have no effect. */
export const settingsSchema = table({ common: commonSchema, worker: workerSchema });

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends { reveal(): string }
    ? T
    : T extends object
      ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
      : T;

/**
 * What the worker uses: all keys present and validated, with defaults, secrets wrapped. The shape is that of the TOML
 * files: a key's name is its place here.
 */
export type Settings = DeepReadonly<z.output<typeof settingsSchema>>;

import type {
  Catalogue,
  Operation,
  OperationName,
  Operations,
  ParamsOf,
  ResultOf,
  TakesNoParams,
} from "@tasker-observability/core";

/** The methods of a facade over these operations, named by the catalogue; the options are the params in camel case. */
export type FacadeOf<Ops> = {
  [Name in keyof Ops & OperationName as Catalogue[Name]["facade"]]: MethodOf<
    NonNullable<Ops[Name]>
  >;
};

type MethodOf<O> = O extends Operation
  ? (
      ...options: TakesNoParams<O> extends true ? [] : Given<CamelCased<ParamsOf<O>>>
    ) => Promise<ResultOf<O>>
  : never;

type CamelCased<Params> = {
  readonly [Name in keyof Params as CamelCase<Name & string>]: Params[Name];
};

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** An argument that may be omitted if nothing in it is required. */
type Given<Params> = Partial<Params> extends Params ? [options?: Params] : [options: Params];

/** The arguments after the name of an operation: its params, as its schema takes them. */
export type ArgumentsOf<O extends Operation> =
  TakesNoParams<O> extends true
    ? [params?: Readonly<Record<string, never>>]
    : Given<Readonly<ParamsOf<O>>>;

/** `call` for operations that are known by name; params as their schemas take them. */
export interface CallOf<Ops extends Operations> {
  /** Calls an operation by its name. Rejects with whatever the operation rejects with. */
  call<Name extends keyof Ops & string>(
    name: Name,
    ...params: ArgumentsOf<Ops[Name]>
  ): Promise<ResultOf<Ops[Name]>>;
}

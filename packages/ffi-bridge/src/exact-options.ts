/**
 * `never` for every unknown option, also within the options of a service: a type parameter alone accepts any name,
 * including misspelled ones. A service may have more methods than the facade needs.
 */
export type ExactOptions<Given, Options, Slots extends keyof Options, Service> = RejectUnknown<
  Given,
  Options
> & {
  readonly [Slot in keyof Given & Slots]?: Given[Slot] extends Service | undefined
    ? unknown
    : | RejectUnknown<NonNullable<Given[Slot]>, Exclude<Options[Slot], Service | undefined>>
      | undefined;
};

type RejectUnknown<Given, Options> = {
  readonly [Name in Exclude<keyof Given, keyof Options>]: never;
};

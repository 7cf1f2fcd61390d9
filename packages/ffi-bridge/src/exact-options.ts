/**
 * `never` for every name that options do not know, their own and those of what they make services of: a type parameter
 * takes them all, misspelt ones included. A service may have more than is asked of it.
 */
export type Exactly<Given, Options, Slots extends keyof Options, Service> = Without<
  Given,
  Options
> & {
  readonly [Slot in keyof Given & Slots]?: Given[Slot] extends Service | undefined
    ? unknown
    : Without<NonNullable<Given[Slot]>, Exclude<Options[Slot], Service | undefined>> | undefined;
};

type Without<Given, Known> = { readonly [Name in Exclude<keyof Given, keyof Known>]: never };

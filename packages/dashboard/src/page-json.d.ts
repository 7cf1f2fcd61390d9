/** Written by the build. Declared, so that types can be checked before it. */
declare module "*/page.json" {
  const files: readonly {
    readonly path: string;
    readonly contentType: string;
    readonly etag: string;
    /** In base64. */
    readonly gzip: string;
  }[];
  export { files as default };
}

declare module "lz4js" {
  /** A frame of LZ4. */
  function decompress(frame: Uint8Array): Uint8Array;
  const lz4: { decompress: typeof decompress };
  export default lz4;
}

declare module "lz4js" {
  const lz4: {
    /** A frame of LZ4. */
    decompress: (frame: Uint8Array) => Uint8Array;
  };
  export default lz4;
}

/** What every declared object may carry. */
export interface Documented {
  description?: string;
  owner?: string;
  tags?: string[];
}

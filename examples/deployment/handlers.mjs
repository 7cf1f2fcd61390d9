/** What runs the steps, by the `callable` that the templates name. */
export const handlers = {
  "Orders::Ship": async (input) => ({ shipped: input.order_id }),
};

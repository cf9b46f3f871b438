/** Thrown inside the planner when a phase has used its work steps; callers of the planner never see it. */
export class BudgetExhausted extends Error {
  override readonly name = "BudgetExhausted";
}

/** A count of work steps instead of a clock, so that the same request always ends the same way. */
export class WorkBudget {
  private spent = 0;

  constructor(readonly steps: number) {}

  /** @throws BudgetExhausted */
  spend(steps: number): void {
    this.spent += steps;
    if (this.spent > this.steps) throw new BudgetExhausted();
  }
}

// Inside a worker this file answers layout requests; it exports nothing.
import "elkjs/lib/elk-worker.min.js";

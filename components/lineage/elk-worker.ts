// Inside a worker this file answers layout requests of ELK; it exports nothing.
import "elkjs/lib/elk-worker.min.js";

"""Cases: what citizens formally asked for, who answers it, and by which day."""

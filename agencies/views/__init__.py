"""The pages: short functions that read, and hand a template an explicit context. No sentence is composed here."""

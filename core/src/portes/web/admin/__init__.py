"""The admin address: readiness, metrics, documents and what became of changed files; it quotes nothing."""

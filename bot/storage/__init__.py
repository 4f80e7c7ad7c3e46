"""Where conversations lie: engine, tables, migrations, Rasa's tracker store, encryption and expiry."""

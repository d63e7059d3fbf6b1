[2m2026-11-21T10:17:27.310675Z[0m [32m INFO[0m the first admin is made [3memail[0m[2m=[0mowner@example.com
[2m2026-11-21T10:17:27.311921Z[0m [32m INFO[0m serving [3maddress[0m[2m=[0mhttp://127.0.0.1:3701
[2m2026-11-21T10:18:04.604752Z[0m [32m INFO[0m stopping
[2m2026-11-21T10:18:04.631501Z[0m [32m INFO[0m stopped

[2m2026-11-21T10:17:28.778636Z[0m [32m INFO[0m serving [3maddress[0m[2m=[0mhttp://127.0.0.1:3703
[2m2026-11-21T10:18:04.604822Z[0m [32m INFO[0m stopping
[2m2026-11-21T10:18:04.619058Z[0m [32m INFO[0m stopped

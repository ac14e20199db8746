print("vault-sandbox")

github_repository        = "tagmarshal/lakehouse"
github_oidc_provider_arn = null # the ARN, where the account has a provider for GitHub's tokens already
